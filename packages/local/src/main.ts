/** `npm start`: reads the flags, starts the system, writes the ready file, prints where to look, and stops cleanly on a signal. */
import { join } from 'node:path';
import { parseCommandLine } from './contract/options.ts';
import { removeReadyFile, writeReadyFile } from './contract/ready-file.ts';
import { isStartRefusal } from './contract/start-refusal.ts';
import { greeting } from './system/greeting.ts';
import { type RunningSystem, startSystem } from './system/start-system.ts';

const EXIT_REFUSED = 1;

async function main(): Promise<void> {
  const command = parseCommandLine(process.argv.slice(2), process.cwd());
  if (command.kind === 'answer') {
    (command.exitCode === 0 ? process.stdout : process.stderr).write(`${command.text}\n`);
    process.exitCode = command.exitCode;
    return;
  }
  const { options } = command;
  // Before anything is started: a signal that comes during the start stops what is there by then.
  const signal = new Promise<void>((resolve) => {
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, () => resolve());
  });
  const system = await startSystem(options);
  const readyFile = options.readyFile ?? join(options.data, 'ready.json');
  writeReadyFile(readyFile, system.ready);
  if (!options.quiet) process.stdout.write(greeting(system, readyFile, options.data));
  const ended = await Promise.race([signal.then(() => undefined), system.failed]);
  if (ended !== undefined) process.stderr.write(`${ended}\n`);
  await stop(system, readyFile);
  process.exit(ended === undefined ? 0 : EXIT_REFUSED);
}

async function stop(system: RunningSystem, readyFile: string): Promise<void> {
  removeReadyFile(readyFile, process.pid);
  await system.stop();
}

try {
  await main();
} catch (problem) {
  // One sentence for what a person can mend; anything else is a defect and says where.
  process.stderr.write(
    isStartRefusal(problem) ? `${problem.message}\n` : `${problem instanceof Error ? problem.stack : problem}\n`,
  );
  process.exit(EXIT_REFUSED);
}
