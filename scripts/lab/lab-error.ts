/** Something outside the lab's power stopped it; the message alone is meant for a person. */
export class LabError extends Error {
  override readonly name = 'LabError';
}
