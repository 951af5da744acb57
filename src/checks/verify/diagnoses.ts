import type { Cluster } from '#core/cluster.ts';
import { embed, lines, sh } from '#core/shell.ts';
import type { Diagnosis } from '#core/verification.ts';
import { kubectl } from '#facts/kubectl.ts';
import { readObjects } from '#facts/kubernetes-object.ts';
import { isDone, podTroubles } from '#facts/pod-trouble.ts';

/** What is asked when pods of a namespace do not do what they should. */
export const podDiagnosis = (namespace: string): Diagnosis => ({
  script: sh`${embed(kubectl)} --request-timeout=20s --namespace=${namespace} get pods,events,nodes --output=json`,
  read: (stdout) => podTroubles(readObjects(stdout)),
});

/** The state of cluster DNS, for a check in which no name was found. */
export const dnsDiagnosis = (): Diagnosis => ({
  script: lines(
    sh`${embed(kubectl)} --request-timeout=20s --namespace=kube-system get pods --selector=k8s-app=kube-dns --output=json`,
  ),
  read: (stdout) => {
    const pods = readObjects(stdout);
    if (pods.length === 0) return [{ kind: 'DNS', message: 'there is no CoreDNS pod (k8s-app=kube-dns)' }];
    const troubles = podTroubles(pods.filter((pod) => !isDone(pod)));
    if (troubles.length > 0) return troubles.map((trouble) => ({ ...trouble, kind: 'DNS' }));
    return [
      {
        kind: 'DNS',
        message: 'CoreDNS is ready, and the pod does not reach it',
        hint: 'see what makes services on the node of the pod, such as kube-proxy, and whether pods of two nodes reach each other',
      },
    ];
  },
});

/** For pods of the verification whose image cannot be had, or lacks a program that is needed. */
export const imageHint = ({ verify }: Cluster): string =>
  `the pods of the verification run ${verify.image}: with verify.image name one that the nodes reach, with sh, wget, nslookup, and nginx or httpd`;
