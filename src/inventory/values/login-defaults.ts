/** Who logs in, and where, unless the inventory says otherwise. */
export const LOGIN_DEFAULTS = { user: 'root', port: 22 } as const;
