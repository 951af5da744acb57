/**
 * What kustomize reads for LeaderWorkerSet 0.10.0, from config/default on. Digests are of the files at the tag, read from a clone in 2026.
 *
 * @see https://github.com/kubernetes-sigs/lws/tree/v0.10.0/config/default
 */
export const LWS_0_10_0: Readonly<Record<string, string>> = {
  'config/default/kustomization.yaml': '1b49b146843c9b7cf1572469f87586d5a0282cccb006e2c10e763679b021bc35',
  'config/crd/kustomization.yaml': '0abc6fe89dbb296773b265b6950251cf6de0159c948bcad1a9648f144af393fd',
  'config/crd/bases/leaderworkerset.x-k8s.io_leaderworkersets.yaml':
    'c5dcad8ed943e495490241f00b9a1b45d51203b6d484020db3636d5bf553568e',
  'config/crd/bases/disaggregatedset.x-k8s.io_disaggregatedsets.yaml':
    '6dc06e630cc88c28ba5406dc4a15ac593f4ec1af89ef439e1bdb770d4a7e74a8',
  'config/crd/bases/disaggregatedset.x-k8s.io_disaggregatedsetrolescalers.yaml':
    '3650e4cd42d12e14569ec8042d0c797c803e05eff9a3959b3406184d39cfef9f',
  'config/crd/patches/webhook_in_leaderworkersets.yaml':
    'd7e90dcdb597c518fd684c4457a10c9d2333f46161ec512da7c499ca85075776',
  'config/crd/kustomizeconfig.yaml': '6d7795b478715403133638a62e9d24a6bfef7629809e14cc73e8d2ea457594d9',
  'config/rbac/kustomization.yaml': '5d8998b01d81b6a74ea49bcfb9f2b707ff78195cec9ff791bad4707f317a8e82',
  'config/rbac/service_account.yaml': '766d179fdb42c35a76f98336d646239384df8a07e6005927ab19bc84d7fcdafd',
  'config/rbac/role.yaml': '9cd69b48206f208c383776765baba7a22333f3caf59b6f8b8b43d39f4753b14f',
  'config/rbac/role_binding.yaml': '17a8fc3bedf9def9e09fe153886ae268529449f1324460df8f28e871b078bb8e',
  'config/rbac/leader_election_role.yaml': '05b4a432f1a815f0ccba82cdeb208ba9e4e9a18127db05982f3e1abd684b473e',
  'config/rbac/leader_election_role_binding.yaml':
    'ddeba8b4ca54c4e3147988ef276b2cf86f89398551f40f96a660ff1c1f5b5064',
  'config/rbac/auth_proxy_role.yaml': 'b51fdf9794a62c7ab6843813d1477d7a052a91200b5c49f650e821cbcfbf90cc',
  'config/rbac/auth_proxy_role_binding.yaml':
    '3a13040efef1e006ae6459777e344e59522d093712086d82dd0343f8f6a10ac0',
  'config/rbac/auth_proxy_client_clusterrole.yaml':
    'e453835f39bb594073411d5ddf445b493a4955b5032d5e6c4bd647753573eee3',
  'config/rbac/auth_proxy_client_binding.yaml':
    '47a16fc14b66519c5fd6a266c9622a32fcc39f4333e1134befc7a0402c6e6b4d',
  'config/manager/kustomization.yaml': '9890eb3e1962720fd9db7f98268f422f1a9d1b2e0a2b7fc062cf2048f62c00ef',
  'config/manager/manager.yaml': '06c0c965960103b8dd3d48a55250b90c11e30649c7a68000924b329c9bd4c7f5',
  'config/manager/controller_manager_config.yaml':
    '2c5240ccfb458acf257e131443fdd7483c5943cdcc1b843a45e7c24eec791c14',
  'config/webhook/kustomization.yaml': 'de2d8fe5eb9c66db6b1ddb612be85f874d6abf7a8339fab768c2005579e2ecb3',
  'config/webhook/manifests.yaml': '4918f2be82a6cbf6b7796a95124c0af0f5ce42cc4fb30e1afde0f487488605af',
  'config/webhook/service.yaml': '45e98053940e6bdab48c113eb0579219c4648197e05f2899b3e1394cf3f36cd7',
  'config/webhook/kustomizeconfig.yaml': '308411b40a78ed37084f17d8a552d0d77d28ada157eacf160356dd00b6d96585',
  'config/webhook/mutating-patch.yaml': 'de83edef279d32041f1de61e69f2c840b54f54cb9afa50a39135415d2ee38648',
  'config/webhook/validating-patch.yaml': 'e83ad88491a2a4420020ab36d02b040e4220587108488cde3f0b28e6fb36c3c3',
  'config/internalcert/kustomization.yaml':
    'd6291e2932a972a79a6ba5d01090ef922f080b955d4717581c5466a8b6cf7538',
  'config/internalcert/secret.yaml': 'f5b70c4590f7a8ff03edc583e84ef3150f747d1e5297af0a7db700f45e46c02c',
  'config/default/manager_metrics_service.yaml':
    '5324cbe3e4e17fca2d72945113d4c000b0b8d03c19cb978f26bb11f491891c33',
  'config/default/manager_webhook_patch.yaml':
    '4032028911c19b372f44bfb5d71d325bde3f068dc5a626658ecbf9f55408fb94',
  'config/default/manager_config_patch.yaml':
    'eda4b2a25950e1abe1ef7103ab8cf23a30d378bedf1ec3dc91dfbcf15a61af5d',
  'config/default/manager_metrics_patch.yaml':
    '4328094defabd8802d3ffa16b01090dc61b4ad4f063a7db330754d49a7382c7e',
};
