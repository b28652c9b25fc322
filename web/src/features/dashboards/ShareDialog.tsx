import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { documents } from '@/api/documents';
import { t } from '@/strings';
import { copyText } from '@/ui/copy';
import { Dialog, DialogHeader } from '@/ui/Dialog';
import { Refusal, TextField, useChange } from '@/ui/form';
import { toast } from '@/ui/toasts';
import { kKind } from './keeper';
import { sharedPath } from './shelf';

const d = t.boards;

/** Makes and ends the link by which others see the board. */
export function ShareDialog({ name, canShare, beforeSharing, close }: { name: string; canShare: boolean; beforeSharing: () => Promise<void>; close: () => void }) {
  const title = d.shareTitle(name);
  return (
    <Dialog label={title} close={close}>
      <DialogHeader close={close} dismiss={t.confirm.cancel}>
        {title}
      </DialogHeader>
      <div className="dialog-body">
        <p>{d.shareHint}</p>
        {canShare ? <Links name={name} beforeSharing={beforeSharing} /> : <SignInFirst />}
      </div>
    </Dialog>
  );
}

function SignInFirst() {
  return (
    <>
      <p className="muted">{d.shareSignIn}</p>
      <Link className="button button-primary" to="/sign-in">
        {t.account.signIn}
      </Link>
    </>
  );
}

function Links({ name, beforeSharing }: { name: string; beforeSharing: () => Promise<void> }) {
  const [link, setLink] = useState<string | null>(null);
  const { run, error, isBusy } = useChange();
  const kept = useQuery({ queryKey: ['dashboards', 'link', name], queryFn: () => documents.list(kKind), staleTime: 0 });
  const isShared = kept.data?.items.find((item) => item.name === name)?.shared === true;
  const make = () =>
    run(async () => {
      await beforeSharing();
      const { token } = await documents.share(kKind, name);
      setLink(location.origin + sharedPath(token));
      await kept.refetch();
    });
  const end = () =>
    run(async () => {
      await documents.unshare(kKind, name);
      setLink(null);
      toast(d.linkEnded);
      await kept.refetch();
    });
  return (
    <>
      {link === null ? null : (
        <>
          <TextField label={d.link} hint={d.linkHint} value={link} isReadOnly isNumber onChange={() => {}} />
          <button type="button" className="button" onClick={() => void copyText(link, d.link.toLowerCase())}>
            {d.copyLink}
          </button>
        </>
      )}
      {isShared && link === null ? <p role="status">{d.sharedNow}</p> : null}
      <Refusal error={error} />
      <div className="boards-acts">
        <button type="button" className="button button-primary" disabled={isBusy} onClick={() => void make()}>
          {isShared ? d.makeLinkAgain : d.makeLink}
        </button>
        {isShared ? (
          <button type="button" className="button button-danger" disabled={isBusy} onClick={() => void end()}>
            {d.endLink}
          </button>
        ) : null}
      </div>
    </>
  );
}
