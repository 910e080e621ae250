export const SITE_TITLE = 'The Loom';
