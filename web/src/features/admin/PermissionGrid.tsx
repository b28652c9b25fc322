import { isImplied, kActions } from '@/domain/permissions';
import { t } from '@/strings';

const kColumns = [...kActions, '*'];

/** Every part of the server by everything that can be done in it. What a star covers is shown as chosen. */
export function PermissionGrid({ capabilities, chosen, onChange }: { capabilities: readonly string[]; chosen: readonly string[]; onChange: (chosen: string[]) => void }) {
  const toggle = (pattern: string) => onChange(chosen.includes(pattern) ? chosen.filter((other) => other !== pattern) : [...chosen, pattern]);
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t.admin.permissions}>
      <table className="table permission-grid">
        <thead>
          <tr>
            <td />
            {kColumns.map((action) => (
              <th key={action} scope="col">
                {t.admin.actions[action]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {['*', ...capabilities].map((capability) => (
            <tr key={capability}>
              <th scope="row">{capability === '*' ? t.admin.everything : capability}</th>
              {kColumns.map((action) => {
                const pattern = t.admin.permission(capability, action);
                const implied = isImplied(chosen, pattern);
                return (
                  <td key={action}>
                    <input type="checkbox" aria-label={pattern} title={pattern} checked={implied || chosen.includes(pattern)} disabled={implied} onChange={() => toggle(pattern)} />
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
