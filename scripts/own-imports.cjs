const { registerHooks } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

/**
 * Node looks for a package.json and for links at each of some hundred imports, which is most of a start. Where those of a clone
 * are is known, and so are files of a package that name each other by their paths.
 * https://nodejs.org/api/module.html#moduleregisterhooksoptions (24.21)
 *
 * @param {string} root of the clone
 */
exports.findOwnImports = (root) => {
  const folder = pathToFileURL(path.join(root, 'src', '/')).href;
  const packages = pathToFileURL(path.join(root, 'node_modules', '/')).href;
  registerHooks?.({
    resolve(specifier, context, next) {
      const { parentURL } = context;
      if (parentURL?.startsWith(folder) && /^(?:#|\.\.?\/).*\.ts$/.test(specifier)) {
        const url = specifier.startsWith('#')
          ? folder + specifier.slice(1)
          : new URL(specifier, parentURL).href;
        return { url, format: 'module-typescript', shortCircuit: true };
      }
      if (parentURL?.startsWith(packages) && /^\.\.?\/.*\.js$/.test(specifier))
        return { url: new URL(specifier, parentURL).href, shortCircuit: true };
      return next(specifier, context);
    },
  });
};
