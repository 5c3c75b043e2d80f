import {existsSync, readFileSync, readdirSync} from 'node:fs';
import {basename, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const pages = fileURLToPath(new URL('../pages', import.meta.url));

/** The first heading of a page. */
const title = file => readFileSync(join(pages, file), 'utf8').match(/^# (.+)$/m)?.[1] ?? basename(file, '.md');

/** The pages of a folder, by name; one that is added shows up by itself. */
const entries = (folder, first = []) =>
  [...first, ...readdirSync(join(pages, folder)).filter(name => name.endsWith('.md') && name !== 'README.md').sort()
    .map(name => `${folder}/${name}`).filter(file => !first.includes(file))]
    .filter(file => existsSync(join(pages, file)))
    .map(file => ({text: title(file), link: `/${file.replace(/\.md$/, '')}`}));

export default {
  title: 'Wadi',
  description: 'An event lakehouse in one JVM',
  base: process.env.DOCS_BASE || '/',
  srcDir: 'pages',
  outDir: 'dist',
  cleanUrls: true,
  rewrites: {'decisions/README.md': 'decisions/index.md'},
  markdown: {
    config(md) {
      const fence = md.renderer.rules.fence;
      md.renderer.rules.fence = (tokens, i, ...rest) => tokens[i].info.trim() === 'mermaid'
        ? `<Diagram source="${encodeURIComponent(tokens[i].content)}" />`
        : fence(tokens, i, ...rest);
    },
  },
  themeConfig: {
    search: {provider: 'local'},
    nav: [
      {text: 'Tutorial', link: '/tutorial/first-kpi'},
      {text: 'How to', link: '/how-to-run'},
      {text: 'Reference', link: '/reference/configuration'},
      {text: 'Concepts', link: '/concepts/architecture'},
      {text: 'Changes', link: '/changelog'},
    ],
    sidebar: [
      {text: 'Tutorial', items: entries('tutorial', ['tutorial/first-kpi.md'])},
      {text: 'How to', items: entries('how-to', ['how-to-run.md'])},
      {text: 'Reference', items: entries('reference', ['api-documentation.md', 'reference/configuration.md'])},
      {text: 'Concepts', items: entries('concepts', ['concepts/architecture.md', 'concepts/life-of-an-event.md'])},
      {text: 'Decisions', collapsed: true, items: [{text: 'All', link: '/decisions/'}, ...entries('decisions')]},
    ],
    outline: [2, 3],
    docFooter: {prev: false, next: false},
  },
};
