/** Instants and durations as people read them. UTC is what the server can say; the page's script adds the reader's own time. */

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `10:42 UTC`, `22 Nov 10:42 UTC` on another day, `22 Nov 2027 10:42 UTC` in another year. What is no instant is said to be none. */
export function utcText(instant: string, now: Date, precision: 'minutes' | 'seconds' = 'minutes'): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return 'an unreadable time';
  const time = at.toISOString().slice(11, precision === 'minutes' ? 16 : 19);
  const today = at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10);
  if (today) return `${time} UTC`;
  const year = at.getUTCFullYear() === now.getUTCFullYear() ? '' : ` ${at.getUTCFullYear()}`;
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}${year} ${time} UTC`;
}

/** `40 s`, `48 min`, `2 h 5 min`, `3 d 4 h`: two units at most, rounded down, since a deadline must not seem later than it is. */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return joined(`${hours} h`, minutes % 60, 'min');
  return joined(`${Math.floor(hours / 24)} d`, hours % 24, 'h');
}

/** `in 48 min`, `22 min ago`, `just now`. */
export function distanceText(instant: string, now: Date): string {
  const seconds = (Date.parse(instant) - now.getTime()) / 1000;
  if (Number.isNaN(seconds)) return 'at an unreadable time';
  if (Math.abs(seconds) < 1) return 'just now';
  return seconds > 0 ? `in ${durationText(seconds)}` : `${durationText(-seconds)} ago`;
}

const joined = (large: string, small: number, unit: string): string =>
  small === 0 ? large : `${large} ${small} ${unit}`;
