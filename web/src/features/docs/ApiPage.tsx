import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Link } from 'react-router';
import { get } from '@/api/client';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Badge, Facts, Panel } from '@/ui/parts';
import { Empty, ErrorState, Skeleton } from '@/ui/states';
import './docs.css';
import { answerOf, curlOf, groupsOf, typeText, type Answer, type ApiDocument, type Call, type Parameter } from './openapi';

/** The reference of the API, from the document that the server makes of its own routes. */
export default function ApiPage() {
  const document_ = useQuery({ queryKey: ['openapi'], queryFn: ({ signal }) => get<ApiDocument>('/api/v1/openapi.json', {}, signal), staleTime: Infinity });
  const [filter, setFilter] = useState('');
  useEffect(() => {
    document.title = `${t.apiDocs.title} · ${t.product}`;
  }, []);
  const groups = document_.data ? groupsOf(document_.data, filter) : [];
  return (
    <div className="page docs-page">
      <h1>{t.apiDocs.title}</h1>
      <p>
        {t.apiDocs.intro} <a href="/api/v1/openapi.json">OpenAPI</a>, <a href="/api/v1/asyncapi.json">AsyncAPI</a>, <Link to="/docs/errors">{t.apiDocs.errors}</Link>.
      </p>
      <input
        className="field docs-filter"
        type="search"
        aria-label={t.apiDocs.filter}
        placeholder={t.apiDocs.filter}
        value={filter}
        onChange={(event) => setFilter(event.target.value)}
      />
      {document_.isError ? <ErrorState error={document_.error} retry={() => void document_.refetch()} /> : null}
      {document_.isPending ? <Skeleton rows={12} /> : null}
      {document_.data && groups.length === 0 ? <Empty title={t.apiDocs.none} text={t.apiDocs.noneHint} /> : null}
      {groups.map((group) => (
        <Panel key={group.tag} title={group.tag}>
          {group.calls.map((call) => (
            <Shown key={`${call.method} ${call.path}`} call={call} document={document_.data!} />
          ))}
        </Panel>
      ))}
    </div>
  );
}

function Shown({ call, document }: { call: Call; document: ApiDocument }) {
  const { method, path, operation } = call;
  const body = operation.requestBody?.content['application/json'];
  const curl = curlOf(call, location.origin);
  return (
    <details className="docs-call">
      <summary>
        <span className="docs-method num">{method}</span>
        <code className="docs-path num">{path}</code>
        <span className="docs-summary">{operation.summary}</span>
        {operation['x-permission'] === 'public.read' ? null : <Badge tone="replay">{operation['x-permission']}</Badge>}
      </summary>
      <div className="docs-detail">
        <Facts
          items={[
            [t.apiDocs.permission, operation['x-permission']],
            [t.apiDocs.limit, t.apiDocs.limitText(operation['x-limit-class'], operation['x-weight'])],
          ]}
        />
        {operation.parameters?.length ? <Parameters parameters={operation.parameters} /> : null}
        {body ? <Example title={t.apiDocs.body(typeText(body.schema))} value={body.example} /> : null}
        <Answers answers={operation.responses} document={document} />
        <div className="docs-curl">
          <pre className="num" tabIndex={0}>{curl}</pre>
          <button type="button" className="button" onClick={() => void copyText(curl, t.apiDocs.curl)}>
            {t.apiDocs.copy}
          </button>
        </div>
      </div>
    </details>
  );
}

function Parameters({ parameters }: { parameters: Parameter[] }) {
  const c = t.apiDocs.parameterColumns;
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.apiDocs.parameters}>
      <table className="table">
        <thead>
          <tr>{[c.name, c.in, c.type, c.meaning, c.example].map((name) => <th key={name} scope="col">{name}</th>)}</tr>
        </thead>
        <tbody>
          {parameters.map((p) => (
            <tr key={p.name}>
              <td><code className="num">{p.name}</code></td>
              <td>{p.in}</td>
              <td>{typeText(p.schema)}</td>
              <td>{p.description}</td>
              <td className="num">{p.example === undefined ? '' : Array.isArray(p.example) ? p.example.join(',') : String(p.example)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Answers({ answers, document }: { answers: Record<string, Answer>; document: ApiDocument }) {
  return (
    <>
      {Object.entries(answers).map(([status, named]) => {
        const answer = answerOf(document, named);
        const [type, media] = Object.entries(answer.content ?? {})[0] ?? [];
        const title = `${status} · ${answer.description ?? ''}`;
        // Refusals all have one shape; the page of error codes has the rest.
        if (named.$ref || !media) return <p key={status} className="docs-refusal"><span className="num">{status}</span> {answer.description}</p>;
        return <Example key={status} title={`${title} · ${media.schema.$ref ? typeText(media.schema) : type}`} value={media.example} />;
      })}
    </>
  );
}

function Example({ title, value }: { title: string; value: unknown }) {
  return (
    <details className="docs-example">
      <summary>{title}</summary>
      {value === undefined ? null : <pre className="num" tabIndex={0}>{JSON.stringify(value, null, 2)}</pre>}
    </details>
  );
}
