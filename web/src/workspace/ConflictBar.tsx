import { t } from '@/strings';
import { Icon } from '@/ui/Icon';
import { resolve, useLayouts } from './layouts';

/** The same layout was changed in two places: nothing is lost before one has chosen. */
export function ConflictBar() {
  const conflict = useLayouts((s) => s.conflict);
  if (!conflict) return null;
  const w = t.workspace.conflict;
  return (
    <div className="notice" role="alert">
      <Icon name="warn" />
      <span>{w[conflict.where](conflict.name)}</span>
      <span className="notice-choices">
        {(['both', 'theirs', 'mine'] as const).map((choice) => (
          <button key={choice} type="button" className="button" onClick={() => resolve(choice)}>
            {w.choices[choice]}
          </button>
        ))}
      </span>
    </div>
  );
}
