/* Liane, simulator of Pro Santé Connect: the two minutes of the phone run down before one's eyes. */
(() => {
  "use strict";
  const place = document.querySelector("[data-countdown]");
  if (!place) return;
  const end = Date.now() + Number(place.dataset.countdown) * 1000;
  const tick = () => {
    const left = Math.max(0, Math.round((end - Date.now()) / 1000));
    const seconds = String(left % 60).padStart(2, "0");
    place.textContent = `Il reste ${Math.floor(left / 60)}\u202fmin ${seconds}\u202fs`;
    if (left > 0) setTimeout(tick, 1000);
    else setTimeout(() => location.reload(), 1000);
  };
  tick();
})();
