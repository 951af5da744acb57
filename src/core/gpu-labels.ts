/** GPU feature discovery sets it too, and the device plugin goes where it is. */
export const GPU_LABEL = 'nvidia.com/gpu.present';
/** Which of the device plugin's configurations a node has; without it, that of the cluster. */
export const CONFIG_LABEL = 'nvidia.com/device-plugin.config';
/** Where the control daemon of MPS runs. */
export const MPS_LABEL = 'nvidia.com/mps.capable';
