/** The mark: two strokes that sign and countersign. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" rx="5" fill="#12643f"/><path d="M5 13.2l3.6 3.6 6-9.4M10.6 13.2l3.2 3.6L20 7.4" fill="none" stroke="#fff" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round"/></svg>`;
