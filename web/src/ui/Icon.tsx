const paths = {
  live: 'M3 12h4l3-8 4 16 3-8h4',
  lookup: 'M11 4a7 7 0 1 1 0 14 7 7 0 0 1 0-14zm5 12 5 5',
  trade: 'M3 4h18v16H3zM3 9h18M9 9v11M9 14h12',
  settings: 'M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4',
  plus: 'M12 5v14M5 12h14',
  window: 'M4 8h12v12H4zM9 8V4h11v11h-4',
  maximise: 'M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5',
  restore: 'M9 4v5H4M15 4v5h5M9 20v-5H4M15 20v-5h5',
  depth: 'M3 20V9h4v4h4v4h2v-5h4V7h4v13z',
  list: 'M4 6h3M4 12h3M4 18h3M10 6h10M10 12h10M10 18h10',
  info: 'M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18zM12 11v6M12 7.5h.01',
  bell: 'M6 16V11a6 6 0 1 1 12 0v5l2 2H4zM10 20.5h4',
  menu: 'M4 6h16M4 12h16M4 18h16',
  wallet: 'M4 7h16v12H4zM4 7l12-3v3M16 13h.01',
  book: 'M4 6h16M4 10h11M4 14h8M4 18h14',
  portfolio: 'M3 20h18M6 16l4-5 4 3 6-8',
  account: 'M12 4a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM4 20c1-4 4-6 8-6s7 2 8 6',
  admin: 'M12 3l7 3v5c0 5-3 8.5-7 10-4-1.5-7-5-7-10V6zM9 12l2 2 4-4',
  developer: 'M8 7l-5 5 5 5M16 7l5 5-5 5M13.5 5l-3 14',
  status: 'M4 5h16v5H4zM4 14h16v5H4zM7.5 7.5h.01M7.5 16.5h.01',
  fold: 'M14 6l-6 6 6 6',
  unfold: 'M10 6l6 6-6 6',
  close: 'M6 6l12 12M18 6 6 18',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  open: 'M8 6h10v10M18 6 6 18',
  up: 'M6 15l6-6 6 6',
  down: 'M6 9l6 6 6-6',
  moon: 'M19 14.5A8 8 0 0 1 9.5 5a8 8 0 1 0 9.5 9.5z',
  sun: 'M12 8a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6 19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  help: 'M9 9a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 1.8M12 17h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18z',
  pause: 'M9 6v12M15 6v12',
  play: 'M8 5l11 7-11 7z',
  filter: 'M4 6h16M7 12h10M10 18h4',
  check: 'M5 12l5 5 9-10',
  warn: 'M12 4 2.5 20h19zM12 10v4M12 17h.01',
  chart: 'M6 4v16M18 4v16M3.5 8h5v8h-5zM15.5 6h5v7h-5z',
  pointer: 'M6 4l12 7-5.5 1.5L10 18z',
  trend: 'M5 19 19 5M4 20h.01M20 4h.01',
  ray: 'M4 18h.01M6 17 20 7M20 7h-5M20 7v5',
  horizontal: 'M3 12h18M12 10.5v3',
  rectangle: 'M4 6h16v12H4z',
  fibonacci: 'M4 5h16M4 10h16M4 14h16M4 19h16',
  text: 'M5 6h14M12 6v13',
  measure: 'M4 15 15 4l5 5L9 20zM8 11l2 2M11 8l2 2',
  undo: 'M8 6 4 10l4 4M4 10h10a5 5 0 0 1 0 10h-3',
  trash: 'M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13',
  camera: 'M4 8h4l2-3h4l2 3h4v11H4zM12 10a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7z',
  download: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  table: 'M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14',
  compare: 'M4 17c4 0 5-8 9-8s4 4 7 4M4 10c3 0 4 5 8 5s4-10 8-10',
  newest: 'M5 6l7 6-7 6M17 5v14',
  link: 'M10 14a4 4 0 0 0 6 0l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4 4 0 0 0 6 6l1-1',
} as const;

export type IconName = keyof typeof paths;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
