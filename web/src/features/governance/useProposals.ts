import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { kProposalStates, type Proposal } from '@/api/governance';
import { liveStream } from '@/stream';
import { withProposal } from './proposals';

type Listed = { proposals: Proposal[] };

/** Keeps what is shown of proposals as the venue tells it; for the page that is shown, which is one. */
export function useLiveProposals(): void {
  const client = useQueryClient();
  useEffect(() => {
    const take = (proposal: Proposal) => {
      client.setQueryData<Proposal>(['governance', 'proposal', proposal.id], proposal);
      client.setQueryData<Listed>(['governance', 'proposals', null], (known) => known && { proposals: withProposal(known.proposals, proposal) });
      for (const state of kProposalStates) {
        client.setQueryData<Listed>(['governance', 'proposals', state], (known) => known && { proposals: withProposal(known.proposals, proposal).filter((each) => each.state === state) });
      }
      void client.invalidateQueries({ queryKey: ['governance', 'votes', proposal.id] });
    };
    const again = () => void client.invalidateQueries({ queryKey: ['governance'] });
    const subscription = liveStream.subscribe<Proposal>('governance.proposal', { snapshot: 0 }, { onSnapshot: again, onEvent: ({ data }) => take(data), onGap: again });
    return () => subscription.close();
  }, [client]);
}
