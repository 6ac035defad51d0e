import type { PlanStatus, RiskTier } from '@countersign/approvals';
import type { FC } from 'hono/jsx';
import type { Tone } from '../plan/plan-status.ts';

/** The one element of a plan page that says where the plan is; assistive technology announces its changes. */
export const StatusPill: FC<{ status: PlanStatus; label: string; tone: Tone }> = ({ status, label, tone }) => (
  <span class={`pill ${tone}`} role="status" data-status={status}>
    {label}
  </span>
);

export const Pill: FC<{ label: string; tone: Tone }> = ({ label, tone }) => <span class={`pill ${tone}`}>{label}</span>;

export const Risk: FC<{ tier: RiskTier }> = ({ tier }) => (
  <>
    <span class="meter" data-tier={tier} aria-hidden="true">
      <i />
      <i />
      <i />
    </span>
    Risk <strong>{tier}</strong>
  </>
);
