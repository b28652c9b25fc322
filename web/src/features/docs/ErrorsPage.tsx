import { useEffect } from 'react';
import { useLocation } from 'react-router';
import source from '../../../../docs/errors.md?raw';
import { Panel } from '@/ui/parts';
import './docs.css';
import { readMarkdown, readRuns, type Block } from './markdown';

const blocks = readMarkdown(source);

/** Where the "type" of every problem document leads: /docs/errors#code. */
export default function ErrorsPage() {
  const { hash } = useLocation();
  const code = hash.slice(1);
  useEffect(() => {
    if (code) document.getElementById(code)?.scrollIntoView({ block: 'center' });
  }, [code]);
  return (
    <div className="page docs-page">
      {blocks.map((block, i) => (
        <Shown key={i} block={block} code={code} />
      ))}
    </div>
  );
}

function Shown({ block, code }: { block: Block; code: string }) {
  if (block.kind === 'heading') return <h1>{block.text}</h1>;
  if (block.kind === 'paragraph') return <p><Runs text={block.text} /></p>;
  return (
    <Panel title={block.title}>
      <div className="table-scroll" tabIndex={0} role="group" aria-label={block.head[0]}>
        <table className="table">
          <thead>
            <tr>{block.head.map((cell) => <th key={cell} scope="col">{cell}</th>)}</tr>
          </thead>
          <tbody>{block.rows.map((row) => <Row key={row[0]} row={row} code={code} />)}</tbody>
        </table>
      </div>
    </Panel>
  );
}

function Row({ row, code }: { row: string[]; code: string }) {
  const codes: string[] = row[0]!.match(/[a-z0-9_]+/g) ?? [];
  return (
    <tr id={codes.includes(code) ? code : codes[0]} aria-current={codes.includes(code) || undefined}>
      {row.map((cell, i) => <td key={i}><Runs text={cell} /></td>)}
    </tr>
  );
}

function Runs({ text }: { text: string }) {
  return readRuns(text).map((run, i) =>
    run.style === 'code' ? <code key={i} className="num">{run.text}</code>
    : run.style === 'strong' ? <strong key={i}>{run.text}</strong>
    : <span key={i}>{run.text}</span>);
}
