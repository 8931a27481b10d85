const PATHS = {
  mark: 'M2 12 6 5l3.5 5L12 6l3-3',
  projects: 'M2.5 3.5h4l1.5 2h6v7.5h-11.5z',
  keys: 'M2 4.5h12v7H2zM4.5 7h.01M7 7h.01M9.5 7h.01M12 7h.01M5 9.5h6',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6M8 1.5v1.2M8 13.3v1.2M1.5 8h1.2M13.3 8h1.2M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13 9.6A5.6 5.6 0 1 1 6.4 3a4.6 4.6 0 0 0 6.6 6.6z',
  widen: 'M6 3.5 10.5 8 6 12.5',
  narrow: 'M10 3.5 5.5 8l4.5 4.5',
  copy: 'M5.5 5.5h7v7h-7zM3.5 10.5v-7h7',
  check: 'M3.5 8.5l3 3 6-7',
  eye: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
  columns: 'M2.5 3.5h11v9h-11zM6.2 3.5v9M9.9 3.5v9',
  download: 'M8 2.5v8M4.5 7.5 8 11l3.5-3.5M3 13.5h10',
  table: 'M2.5 3.5h11v9h-11zM2.5 6.5h11M2.5 9.5h11',
  split: 'M2.5 3.5h11v9h-11zM8 3.5v9',
  charts: 'M2.5 13.5V2.5M2.5 13.5h11M4.5 10.5 7 7l2.5 2L13 4.5',
} as const;
export type IconName = keyof typeof PATHS;

/** A 16-pixel line drawing in the colour of the text around it. The words stand beside it or in a title. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
