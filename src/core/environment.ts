/** The environment variables of the controller, as its composition root hands them on. */
export type Environment = Readonly<Record<string, string | undefined>>;
