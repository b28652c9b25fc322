import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { useAccess } from '@/api/access';
import { useTickers } from '@/features/exchange/market';
import { t } from '@/strings';
import { Dialog } from '@/ui/Dialog';
import { chartCommands } from './chartCommands';
import { commandsFor, type Command } from './commands';
import { closePalette, useOverlays } from './overlays';
import { workspaceCommands } from './workspaceCommands';

export default function Palette() {
  const navigate = useNavigate();
  const [text, setText] = useState(() => useOverlays.getState().text);
  const [index, setIndex] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const { may } = useAccess();
  const { list: tickers } = useTickers();
  const commands = commandsFor(text, may, [...workspaceCommands(tickers), ...chartCommands()]);
  const current = Math.min(index, commands.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [current, text]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    closePalette();
    command.run(navigate);
  };
  const onKey = (event: React.KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) setIndex((current + move + commands.length) % Math.max(1, commands.length));
    else if (event.key === 'Enter') run(commands[current]);
    else return;
    event.preventDefault();
  };

  return (
    <Dialog label={t.palette.title} close={closePalette} className="palette">
      <input
        className="palette-input"
        role="combobox"
        aria-label={t.palette.placeholder}
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={commands[current] ? `palette-option-${current}` : undefined}
        placeholder={t.palette.placeholder}
        value={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => {
          setText(event.target.value);
          setIndex(0);
        }}
        onKeyDown={onKey}
      />
      <div ref={list} id="palette-list" className="palette-list" role="listbox" aria-label={t.palette.title}>
        {commands.map((command, i) => (
          <Option key={command.id} id={`palette-option-${i}`} command={command} heading={command.group !== commands[i - 1]?.group} selected={i === current} run={() => run(command)} />
        ))}
      </div>
      {commands.length === 0 ? <p className="palette-empty">{t.palette.empty}</p> : null}
      <span className="sr-only" role="status">
        {t.palette.results(commands.length)}
      </span>
    </Dialog>
  );
}

function Option({ id, command, heading, selected, run }: { id: string; command: Command; heading: boolean; selected: boolean; run: () => void }) {
  return (
    <>
      {heading ? (
        <div className="palette-heading" role="presentation">
          {command.group}
        </div>
      ) : null}
      <div id={id} role="option" aria-selected={selected} className="palette-option" onMouseDown={(event) => event.preventDefault()} onClick={run}>
        <span className="truncate">{command.label}</span>
        {command.keys ? <kbd>{command.keys}</kbd> : null}
      </div>
    </>
  );
}
