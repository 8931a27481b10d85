import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The dashboard's build: `dist/dashboard`, hashed names under `assets/`. `npm run build` also compresses it. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  build: {
    outDir: '../../dist/dashboard',
    emptyOutDir: true,
    target: ['chrome123', 'firefox120', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/api': 'http://127.0.0.1:7878' } },
});
