/** What the pages need of the world. functions/web composes them; nothing here names AWS, a cluster or an issuer. */
import type {
  AccessLog,
  AnomalyStore,
  BudgetStore,
  Clock,
  LocatorStore,
  Outbox,
  PinnedKeys,
  PlanStore,
  PolicySet,
  Randomness,
  Signer,
} from '@countersign/approvals';
import type { BrowserSignIn } from '@countersign/identity';

export interface WebPorts {
  readonly plans: PlanStore;
  readonly outbox: Outbox;
  readonly anomalies: AnomalyStore;
  readonly locators: LocatorStore;
  readonly accessLog: AccessLog;
  readonly budgets: BudgetStore;
  readonly policies: PolicySet;
  readonly keys: PinnedKeys;
  /** The key that only functions/web may use. */
  readonly voteSigner: Signer;
  /** 32 bytes; MACs challenges. */
  readonly challengeKey: Uint8Array;
  /** 32 bytes; MACs anti-forgery tokens. Another key than the challenge's. */
  readonly antiForgeryKey: Uint8Array;
  readonly sessions: BrowserSignIn;
  /** The deployment's time, by which plans and challenges live. */
  readonly clock: Clock;
  readonly random: Randomness;
  /** A fault that became a 500 or 503. The message may hold anything: log the name and the place, not the text. */
  readonly reportFault: (fault: { readonly route: string; readonly error: unknown }) => void;
}

export interface WebConfig {
  /** Origin of the pages, without a trailing slash: what forms' Origin must equal and mail links begin with. */
  readonly pagesOrigin: string;
  /** Sealed into every vote: a vote of a staging system is worth nothing in production. */
  readonly deployment: string;
  /** The cluster whose anomalies are listed. */
  readonly cluster: string;
}
