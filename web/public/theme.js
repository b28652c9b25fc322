// Before the first paint, so that a light terminal does not flash dark. Keys: src/app/settings.ts.
(function () {
  try {
    var saved = JSON.parse(localStorage.getItem('astrolabe.settings') || '{}').state || {};
    var root = document.documentElement;
    root.dataset.theme = saved.theme === 'light' ? 'light' : 'dark';
    if (saved.colourBlind) root.dataset.palette = 'colour-blind';
  } catch (e) {
    // Storage is off: the default theme stands.
  }
})();
