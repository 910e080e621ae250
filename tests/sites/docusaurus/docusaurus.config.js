export default {
  title: 'Weathervane',
  url: 'https://vane.example',
  baseUrl: '/',
  i18n: { defaultLocale: 'en', locales: ['en', 'de'] },
  presets: [['classic', { docs: { path: 'docs' }, blog: { path: 'blog' } }]],
};
