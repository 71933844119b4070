local domain = 'home.lan';
local registry = 'ghcr.io';
{
<each app>
  app<n>: {
    name: 'app<n>',
    image: '%s/org/app<n>:1.<n>' % registry,
    replicas: <replicas>,
    port: <port>,
    host: 'app<n>.%s' % domain,
    env: { A: '1', B: 'x<n>' },
  },
<end>
}
