/**
 * The agents' REST: each route is one call of a tool, under another address and form. `/api/mcp/propose` and `/api/approvals/*` are the
 * addresses of an older server, for clients that were written for it.
 */
import type { McpConfig } from '../config.ts';
import { reviewUrl } from '../plans/describe.ts';
import type { GuardedAnswer } from '../server/call-tool.ts';
import { getPendingApprovals } from '../tools/get-pending-approvals.ts';
import { getPlanStatus } from '../tools/get-plan-status.ts';
import { proposeRemediation } from '../tools/propose-remediation.ts';
import { requestSeveralChanges } from '../tools/request-several-changes.ts';
import type { Tool } from '../tools/tool.ts';

export interface RestRequest {
  /** Of the path; null where it has none. */
  readonly id: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** Parsed JSON of a POST. */
  readonly body: unknown;
}

export interface RestRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Which tool with which arguments; the tool judges them. */
  asks(request: RestRequest): { readonly tool: Tool; readonly input: unknown };
  answers(answer: GuardedAnswer['structured'], config: McpConfig): { readonly status: number; readonly body: unknown };
}

const whole =
  (status: number): RestRoute['answers'] =>
  (structured) => ({ status, body: structured });

/** Two bodies, told apart by what they hold: typed changes, or commands as text. */
function proposal({ body }: RestRequest): { readonly tool: Tool; readonly input: unknown } {
  if (!isObject(body) || !Object.hasOwn(body, 'changes')) return { tool: proposeRemediation, input: body };
  const { title, ...input } = body;
  // The plan's own title is the system's; a title of the agent is part of its words.
  const titled = typeof title === 'string' && typeof input.reason === 'string';
  const reason = titled ? { reason: `${title}. ${input.reason}` } : title === undefined ? {} : { title };
  return { tool: requestSeveralChanges, input: { ...input, ...reason } };
}

const seedProposal: Pick<RestRoute, 'asks' | 'answers'> = {
  asks: ({ body }) => ({ tool: proposeRemediation, input: body }),
  answers: ({ planId, next }, config) => ({
    status: 200,
    body: { status: 'pending', approval_id: planId, message: next, approval_url: reviewUrl(config, String(planId)) },
  }),
};

interface ListedPlan {
  readonly planId: string;
  readonly status: string;
  readonly steps: readonly { readonly namespace: string; readonly summary: string }[];
  readonly riskTier: string;
  readonly requestedByYou: boolean;
  readonly createdAt: string;
  readonly notAfter: string;
  readonly reviewUrl: string;
}

const list: RestRoute['answers'] = ({ plans, more }) => ({
  status: 200,
  body: { approvals: (plans as unknown as readonly ListedPlan[]).map(approvalOf), more },
});

/** In the system's own words: what a command was called by an agent stands in the plan. */
const approvalOf = (plan: ListedPlan) => ({
  id: plan.planId,
  action: plan.steps.map(({ summary }) => summary).join('; '),
  commands: plan.steps.map(({ summary }) => ({ command: summary, safety_level: plan.riskTier })),
  timestamp: plan.createdAt,
  metadata: {
    status: plan.status,
    riskTier: plan.riskTier,
    namespaces: [...new Set(plan.steps.map(({ namespace }) => namespace))],
    requestedByYou: plan.requestedByYou,
    notAfter: plan.notAfter,
    reviewUrl: plan.reviewUrl,
  },
});

export const REST_ROUTES: readonly RestRoute[] = [
  { method: 'POST', path: '/api/plans', asks: proposal, answers: whole(201) },
  { method: 'POST', path: '/api/mcp/propose', ...seedProposal },
  { method: 'POST', path: '/api/approvals/propose', ...seedProposal },
  {
    method: 'GET',
    path: '/api/plans',
    asks: ({ query }) => ({ tool: getPendingApprovals, input: query }),
    answers: list,
  },
  {
    method: 'GET',
    path: '/api/approvals/pending',
    asks: ({ query }) => ({ tool: getPendingApprovals, input: { status: 'pending', ...query } }),
    answers: list,
  },
  {
    method: 'GET',
    path: '/api/plans/:id',
    asks: ({ id, query }) => ({ tool: getPlanStatus, input: { ...query, planId: id } }),
    answers: whole(200),
  },
];

/** Where older clients and hopeful agents decide: nothing is decided here, with whatever token. */
export const DECISION_PATHS: readonly string[] = ['approvals', 'plans'].flatMap((of) =>
  ['approve', 'reject', 'deny', 'decision', 'execute'].map((verb) => `/api/${of}/:id/${verb}`),
);

const isObject = (value: unknown): value is { readonly [key: string]: unknown } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
