/**
 * A tool: data for tools/list, and what it does. Arguments are judged here before; the answer goes through the guard where every call ends
 * (server/call-tool.ts), so that no single tool can forget either.
 */
import { type Json, type Principal, pass, type Refusal, type Result, refuse } from '@countersign/approvals';
import * as z from 'zod';
import type { McpConfig } from '../config.ts';
import type { McpPorts } from '../ports.ts';
import type { Scope } from '../scopes.ts';
import type { ToolName } from './tool-names.ts';

/** Who calls, and what of the world a tool may use. */
export interface ToolCall {
  readonly principal: Principal;
  readonly ports: McpPorts;
  readonly config: McpConfig;
  /** Aborted when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface ToolAnswer<T> {
  readonly structured: T;
  /** One or two sentences for a reader without the data. */
  readonly text: string;
  /** For the access log. */
  readonly planId?: string;
}

export interface ToolDefinition<I extends z.ZodObject, O extends z.ZodObject> {
  readonly name: ToolName;
  readonly title: string;
  /** What it does and when to use it, what it answers, what it does not do. */
  readonly description: string;
  /** Any one is enough; the first is the one to ask for. */
  readonly scopes: readonly [Scope, ...Scope[]];
  /** Of these scopes those that this very call needs, where its arguments decide. Undefined: any of them. Judged again by `execute`. */
  readonly scopesFor?: (input: unknown) => readonly [Scope, ...Scope[]] | undefined;
  readonly annotations: ToolAnnotations;
  readonly input: I;
  readonly output: O;
  /** Listed by its first level alone, where many tools answer alike: every conversation would pay for each copy. docs/tools.md has the rest. */
  readonly briefOutput?: boolean;
  /** Properties of the answer, at any depth, that hold text of clusters, agents or models. */
  readonly untrusted: readonly string[];
  readonly untrustedTextCharactersMax?: number;
  execute(input: z.output<I>, call: ToolCall): Promise<Result<ToolAnswer<z.input<O>>, Refusal>>;
}

export interface ToolAnnotations {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
  readonly openWorldHint: boolean;
}

/** What tools/list answers. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly outputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: ToolAnnotations & { readonly title: string };
}

/** As the tool gives it: nobody may see it before the guard has. */
export interface UnguardedAnswer {
  readonly structured: { readonly [key: string]: Json };
  readonly text: string;
  readonly planId: string | null;
}

export interface Tool
  extends Pick<
    ToolDefinition<z.ZodObject, z.ZodObject>,
    'name' | 'title' | 'scopes' | 'untrusted' | 'untrustedTextCharactersMax'
  > {
  listed(): ListedTool;
  scopesFor(input: unknown): readonly [Scope, ...Scope[]];
  run(input: unknown, call: ToolCall): Promise<Result<UnguardedAnswer, Refusal>>;
}

/** What the guard did to the texts of the answer. */
const guardrail = z.strictObject({
  flagged: z.array(z.strictObject({ category: z.string(), at: z.string(), encoded: z.boolean() })),
  redacted: z.record(z.string(), z.number()),
  neutralised: z.number(),
  truncated: z.boolean(),
});

export function defineTool<I extends z.ZodObject, O extends z.ZodObject>(definition: ToolDefinition<I, O>): Tool {
  const { name, title, description, scopes, annotations, input, output, untrusted } = definition;
  const guarded = untrusted.length > 0;
  let listed: ListedTool | undefined;
  return {
    name,
    title,
    scopes,
    untrusted,
    ...(definition.untrustedTextCharactersMax === undefined
      ? {}
      : { untrustedTextCharactersMax: definition.untrustedTextCharactersMax }),
    scopesFor: (value) => definition.scopesFor?.(value) ?? scopes,
    listed() {
      listed ??= {
        name,
        title,
        description,
        inputSchema: jsonSchema(input, 'input'),
        outputSchema: outputSchemaOf(guarded ? output.extend({ guardrail }) : output, definition.briefOutput ?? false),
        annotations: { title, ...annotations },
      };
      return listed;
    },
    async run(value, call) {
      const parsed = input.safeParse(value ?? {});
      if (!parsed.success) return refuse({ code: 'request.invalid', issues: issuesOf(parsed.error) });
      const answer = await definition.execute(parsed.data, call);
      if (!answer.ok) return answer;
      // Only what the schema names leaves the house; anything else is our own mistake and is reported as one.
      const structured = output.parse(answer.value.structured);
      return pass({
        structured: structured as UnguardedAnswer['structured'],
        text: answer.value.text,
        planId: answer.value.planId ?? null,
      });
    },
  };
}

/** The dialect is MCP's default (2020-12), so that it need not be named in every schema; nor what any value fits anyway. */
function jsonSchema(schema: z.ZodObject, io: 'input' | 'output'): ListedTool['inputSchema'] {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema: part }) => {
      const { additionalProperties: more, propertyNames: names } = part;
      if (typeof more === 'object' && Object.keys(more).length === 0) delete part.additionalProperties;
      if (typeof names === 'object' && Object.keys(names).join() === 'type') delete part.propertyNames;
      if (part.maximum === Number.MAX_SAFE_INTEGER) delete part.maximum;
    },
  });
  return { ...rest, type: 'object' };
}

function outputSchemaOf(schema: z.ZodObject, brief: boolean): ListedTool['outputSchema'] {
  const whole = jsonSchema(schema, 'output');
  if (!brief) return whole;
  const properties = Object.entries(whole.properties as Record<string, object>).map(([key, part]) => {
    const {
      properties: _inner,
      items: _items,
      required: _required,
      additionalProperties: _more,
      ...shown
    } = part as Record<string, unknown>;
    return [key, shown] as const;
  });
  return { ...whole, properties: Object.fromEntries(properties) };
}

/** Field and reason, never the value: the caller knows what it sent, a log reader need not. */
const issuesOf = (error: z.ZodError): readonly string[] =>
  error.issues.map((issue) => `${issue.path.length === 0 ? 'arguments' : issue.path.join('.')}: ${issue.message}`);
