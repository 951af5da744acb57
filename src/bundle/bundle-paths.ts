/** What a bundle holds, in words of slipway's. */
export const BUNDLE_INDEX = 'slipway-bundle.json';

/** As an OCI image layout has it. */
export const blobPath = (sha256: string): string => `blobs/sha256/${sha256}`;
