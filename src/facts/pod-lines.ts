/**
 * What shell programs on a control plane read of pods: a line each, with its node, its name, whether it is ready,
 * when it was told to go, and what it waits for.
 *
 * @see https://kubernetes.io/docs/reference/kubectl/jsonpath/ (v1.34)
 */
export const POD_LINES =
  '{range .items[*]}{.spec.nodeName}{"|"}{.metadata.name}{"|"}{.status.conditions[?(@.type=="Ready")].status}{"|"}{.metadata.deletionTimestamp}{"|"}{.status.initContainerStatuses[*].state.waiting.reason}{" "}{.status.containerStatuses[*].state.waiting.reason}{" "}{.status.initContainerStatuses[*].state.waiting.message}{" "}{.status.containerStatuses[*].state.waiting.message}{" "}{.status.conditions[?(@.reason=="Unschedulable")].message}{"\\n"}{end}';

/** For grep: lines of pods that are ready and stay. */
export const READY_POD = '^[^|]*|[^|]*|True||';

/** A line a node: its name, and what is known of whether it is ready. */
export const NODE_LINES =
  '{range .items[*]}{.metadata.name}{" "}{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}';

/** For sed: of those, the names of nodes that nobody hears from. */
export const LOST_NODE = 's/ Unknown$//p';

/** What a pod waits for that time alone does not mend. */
export const STUCK =
  'ImagePullBackOff|ErrImagePull|InvalidImageName|CrashLoopBackOff|CreateContainer[A-Za-z]*Error';

/** For sed: `name on node: what it waits for` of a line of a pod; that it is being set up is said of every one. */
export const TELL_POD = [
  '/^$/d',
  's/PodInitializing\\|ContainerCreating//g',
  's/  */ /g',
  's/^\\([^|]*\\)|\\([^|]*\\)|[^|]*|[^|]*| *\\(.*\\)$/\\2 on \\1: \\3/',
  's/ on : / (on no node): /',
  's/: *$/: not ready yet/',
].join('\n');

/** For sed: that in one word, which does not change with every try. */
export const BRIEF_POD = 's/^\\([^:]*: [^ ]*\\).*/\\1/';
