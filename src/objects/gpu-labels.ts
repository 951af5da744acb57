/** GPU feature discovery sets it too, and the device plugin goes where it is. */
export const GPU_LABEL = 'nvidia.com/gpu.present';
/** Where the control daemon of MPS runs. */
export const MPS_LABEL = 'nvidia.com/mps.capable';
