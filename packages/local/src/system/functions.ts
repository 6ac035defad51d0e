/** The very handlers of functions/, made with the environment of this machine. Nothing is shortened: they get real events. */
import { createHandler as execute } from '@countersign/functions/execute';
import { environmentSchema as executeEnvironment } from '@countersign/functions/execute/environment';
import { createHandler as grant } from '@countersign/functions/grant';
import { environmentSchema as grantEnvironment } from '@countersign/functions/grant/environment';
import { createHandler as mcp } from '@countersign/functions/mcp';
import { environmentSchema as mcpEnvironment } from '@countersign/functions/mcp/environment';
import { createHandler as notify } from '@countersign/functions/notify';
import { environmentSchema as notifyEnvironment } from '@countersign/functions/notify/environment';
import { createHandler as observe } from '@countersign/functions/observe';
import { environmentSchema as observeEnvironment } from '@countersign/functions/observe/environment';
import { type Platform, parseEnvironment } from '@countersign/functions/platform';
import { createHandler as propose } from '@countersign/functions/propose';
import { environmentSchema as proposeEnvironment } from '@countersign/functions/propose/environment';
import { createHandler as relay } from '@countersign/functions/relay';
import { environmentSchema as relayEnvironment } from '@countersign/functions/relay/environment';
import { createHandler as sweep } from '@countersign/functions/sweep';
import { environmentSchema as sweepEnvironment } from '@countersign/functions/sweep/environment';
import { createHandler as verify } from '@countersign/functions/verify';
import { environmentSchema as verifyEnvironment } from '@countersign/functions/verify/environment';
import { createHandler as web } from '@countersign/functions/web';
import { environmentSchema as webEnvironment } from '@countersign/functions/web/environment';
import type { FunctionName, Variables } from './function-environments.ts';

/** Seconds that each function may run, as on AWS. */
export const FUNCTION_LIMIT_SECONDS: Readonly<Record<FunctionName, number>> = {
  mcp: 29,
  web: 29,
  propose: 29,
  grant: 30,
  execute: 60,
  verify: 60,
  observe: 60,
  notify: 30,
  relay: 30,
  sweep: 60,
};

export function createFunctions(variables: Readonly<Record<FunctionName, Variables>>, platform: Platform) {
  return {
    mcp: mcp(parseEnvironment(mcpEnvironment, variables.mcp), platform),
    web: web(parseEnvironment(webEnvironment, variables.web), platform),
    propose: propose(parseEnvironment(proposeEnvironment, variables.propose), platform),
    grant: grant(parseEnvironment(grantEnvironment, variables.grant), platform),
    execute: execute(parseEnvironment(executeEnvironment, variables.execute), platform),
    verify: verify(parseEnvironment(verifyEnvironment, variables.verify), platform),
    observe: observe(parseEnvironment(observeEnvironment, variables.observe), platform),
    notify: notify(parseEnvironment(notifyEnvironment, variables.notify), platform),
    relay: relay(parseEnvironment(relayEnvironment, variables.relay), platform),
    sweep: sweep(parseEnvironment(sweepEnvironment, variables.sweep), platform),
  };
}
