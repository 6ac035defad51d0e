/** Everything that Countersign relies on a cluster for: one list, so that no implementation is spared a part. */
import { answerContract } from './answer-contract.ts';
import { applyContract } from './apply-contract.ts';
import type { UnderTest } from './cluster-under-test.ts';
import { customResourceContract } from './custom-resource-contract.ts';
import { deletionContract } from './deletion-contract.ts';
import { guardContract } from './guard-contract.ts';
import { preconditionContract } from './precondition-contract.ts';
import { readContract } from './read-contract.ts';
import { rolloutContract } from './rollout-contract.ts';
import { watchContract } from './watch-contract.ts';
import { writeContract } from './write-contract.ts';

export function clusterContract(cluster: UnderTest): void {
  for (const contract of [
    writeContract,
    preconditionContract,
    applyContract,
    customResourceContract,
    deletionContract,
    rolloutContract,
    readContract,
    answerContract,
    watchContract,
    guardContract,
  ])
    contract(cluster);
}
