import { Link } from 'react-router';
import { t } from '@/strings';
import { Empty } from '@/ui/states';

export function NotFound() {
  return (
    <Empty title={t.notFound.title} text={t.notFound.hint}>
      <Link className="button" to="/mev">
        {t.notFound.home}
      </Link>
    </Empty>
  );
}
