import './ui/tokens.css';
import './ui/base.css';
import './ui/parts.css';
import './app/shell.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { useSession } from './api/session';
import { App } from './app/App';
import { applySettings } from './app/settings';
import { feedStore } from './feed/feed';
import { liveStream } from './stream';

applySettings();
feedStore.start(liveStream);
liveStream.start();
// The server asks who somebody is when his connection begins.
useSession.subscribe(() => liveStream.reconnect());
window.addEventListener('online', () => liveStream.retryNow());

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
