import { BaseSequencer, type TestSpecification } from 'vitest/node';

const isContract = ({ moduleId }: TestSpecification): boolean => moduleId.includes('/test/contracts/');

/**
 * Starts the contracts of transports before all else: they wait for real servers for most of their time, which goes by beside
 * what computes, and would be all that is left at the end.
 */
export class ContractsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort.call(this, files);
    return [...sorted.filter(isContract), ...sorted.filter((file) => !isContract(file))];
  }
}
