// What relay-compiler generates imports `./name.graphql`, as bundlers find it; node does not.
import { registerHooks } from 'node:module'

registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.endsWith('.graphql') ? `${specifier}.ts` : specifier, context)
  },
})
