import type { FC } from 'hono/jsx';
import type { TitlePart } from '../plan/plan-title.ts';
import { Code, Untrusted } from './untrusted.tsx';

export const Title: FC<{ parts: readonly TitlePart[] }> = ({ parts }) => (
  <>{parts.map((part) => (part.kind === 'code' ? <Code text={part.text} /> : <Untrusted text={part.text} />))}</>
);
