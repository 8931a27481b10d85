// Before the first paint, so that a remembered theme never flashes. A module would run too late.
try {
  const theme = localStorage.getItem('trackside.theme');
  if (theme === 'dark' || theme === 'light') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme then.
}
