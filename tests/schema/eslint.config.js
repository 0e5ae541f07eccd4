// The schema is held to all that graphql-eslint recommends for one, and to Relay's rules.
import graphql from '@graphql-eslint/eslint-plugin'

const { configs } = graphql

// What has no identity of its own: it is a value, a message or a part of what has one. Whoever adds such a type says so here.
const withoutIdentity = {
  suffixes: ['Connection', 'Edge', 'Changed', 'Crossed', 'Fell', 'Totals', 'Metrics', 'Session', 'Receipt', 'Outcome'],
  types: [
    ...['PageInfo', 'Viewer', 'SnapshotRequired', 'DeletedGeofence'],
    ...['Position', 'VehiclePosition', 'Circle', 'Polygon'],
    ...['InvalidInput', 'NotFound', 'Conflict', 'Forbidden', 'Unavailable'],
  ],
}

export default [
  {
    files: ['**/*.graphql'],
    plugins: { '@graphql-eslint': graphql },
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    rules: {
      ...configs['flat/schema-recommended'].rules,
      ...configs['flat/schema-relay'].rules,
      '@graphql-eslint/strict-id-in-types': ['error', { exceptions: withoutIdentity }],
      // Relay itself allows other lists: the classes of a licence, the corners of a polygon and what a mutation tells of
      // each of its inputs are short by nature, and are no pages.
      '@graphql-eslint/relay-edge-types': ['error', { listTypeCanWrapOnlyEdgeType: false }],
      // Beyond what is recommended: fields, arguments, inputs and enum values are explained, too.
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          EnumValueDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          rootField: true,
        },
      ],
    },
  },
]
