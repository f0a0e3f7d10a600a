/** An environment variable that the command needs is not set. */
export class VariableMissing extends Error {
  override readonly name = 'VariableMissing';
}

/** The value of a connection string's variable. @throws VariableMissing */
export function requiredVariable(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value)
    throw new VariableMissing(
      `the environment variable ${name} is not set: put a connection string into it (make rig-up prints the rig's)`,
    );
  return value;
}
