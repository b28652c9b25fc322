import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { admin } from '@/api/admin';
import { shown } from '@/domain/whole';
import { t } from '@/strings';
import { Confirm } from '@/ui/Confirm';
import { Panel } from '@/ui/parts';
import { ErrorState, Skeleton } from '@/ui/states';
import { Table } from '@/ui/Table';
import { toast } from '@/ui/toasts';
import { Hash } from '@/ui/values';

export default function KeysPage() {
  return (
    <div className="admin-grid">
      <SigningKeys />
      <MasterKey />
    </div>
  );
}

function SigningKeys() {
  const client = useQueryClient();
  const keys = useQuery({ queryKey: ['admin', 'signing-keys'], queryFn: ({ signal }) => admin.signingKeys(signal) });
  const [asks, setAsks] = useState(false);
  const rotate = async () => {
    await admin.rotateSigningKey();
    await client.invalidateQueries({ queryKey: ['admin', 'signing-keys'] });
    toast(t.admin.rotatedSigning);
  };
  const c = t.admin.signingColumns;
  return (
    <Panel title={t.admin.signingKeys}>
      <div className="admin-part">
        <p className="muted">{t.admin.signingHint}</p>
        {keys.isError ? <ErrorState error={keys.error} retry={() => void keys.refetch()} /> : null}
        {keys.isPending ? <Skeleton rows={2} /> : null}
        {keys.data ? (
          <Table label={t.admin.signingKeys} columns={[{ label: c.kid }, { label: c.alg, isRight: true }]}>
            {keys.data.keys.map((key) => (
              <tr key={key.kid}>
                <td>
                  <Hash text={key.kid} what={c.kid} head={10} tail={6} />
                </td>
                <td className="right">
                  {key.alg} · {key.crv}
                </td>
              </tr>
            ))}
          </Table>
        ) : null}
        <button type="button" className="button" onClick={() => setAsks(true)}>
          {t.admin.rotateSigning}
        </button>
      </div>
      {asks ? (
        <Confirm title={t.admin.rotateSigning} action={t.admin.rotateSigning} act={rotate} close={() => setAsks(false)}>
          <p>{t.admin.rotateSigningEffect}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}

function MasterKey() {
  const [asks, setAsks] = useState(false);
  const [records, setRecords] = useState<number | null>(null);
  const rotate = async () => setRecords((await admin.rotateMasterKey()).records);
  return (
    <Panel title={t.admin.masterKey}>
      <div className="admin-part">
        <p className="muted">{t.admin.masterHint}</p>
        {records === null ? null : <p role="status">{t.admin.rotatedMaster(shown(records))}</p>}
        <button type="button" className="button button-danger" onClick={() => setAsks(true)}>
          {t.admin.rotateMaster}
        </button>
      </div>
      {asks ? (
        <Confirm title={t.admin.rotateMaster} action={t.admin.rotateMaster} isDanger act={rotate} close={() => setAsks(false)}>
          <p>{t.admin.rotateMasterEffect}</p>
        </Confirm>
      ) : null}
    </Panel>
  );
}
