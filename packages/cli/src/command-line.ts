import { resolve } from 'node:path';
import { Command, CommanderError } from 'commander';
import { type Answer, badInput } from './answer.ts';
import { clusterManifests } from './cluster-manifests.ts';
import { doctor } from './doctor.ts';

/** Never throws for what a person typed. Paths are relative to `workingDirectory`. */
export async function runCommandLine(argv: readonly string[], workingDirectory: string): Promise<Answer> {
  let help = '';
  let answer: Answer | undefined;
  const program = new Command('countersign')
    .description('What an operator of Countersign does on a command line.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => {},
    });
  program
    .command('cluster-manifests')
    .description(
      'Prints what a cluster needs before Countersign works on it: guard policies, roles, and the namespaces that it may change.',
    )
    .requiredOption('--namespace <name>', 'handed over to Countersign; may be repeated', collect, [])
    .option('--output <directory>', 'writes one file per part instead of printing')
    .allowExcessArguments(false)
    .action(({ namespace, output }: { namespace: string[]; output?: string }) => {
      answer = clusterManifests(namespace, output === undefined ? undefined : resolve(workingDirectory, output));
    });
  program
    .command('doctor')
    .description('Says whether a cluster is ready: guard policies, identities and what each may do.')
    .requiredOption('--kubeconfig <file>', 'the file of somebody who may request tokens in countersign-system')
    .option('--context <name>', 'the context of that file; its current one where none is named')
    .allowExcessArguments(false)
    .action(async ({ kubeconfig, context }: { kubeconfig: string; context?: string }) => {
      answer = await doctor({ file: resolve(workingDirectory, kubeconfig), context });
    });
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (problem) {
    if (!(problem instanceof CommanderError)) throw problem;
    if (problem.exitCode === 0) return { exitCode: 0, out: help, error: '' };
    const said = problem.message.replace(/^error: /, '').replaceAll(/\s+/g, ' ');
    return badInput(`countersign: ${said === '(outputHelp)' ? 'no command is named' : said}; see countersign --help.`);
  }
  return answer ?? badInput('countersign: no command is named; see countersign --help.');
}

const collect = (value: string, before: string[]): string[] => [...before, value];
