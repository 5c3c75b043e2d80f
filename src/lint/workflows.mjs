// Reads each workflow file as GitHub does and prints what is wrong with it. Exit code 1 when anything is.
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import {register} from 'node:module';

// The parser is published for bundlers, which need not be told that a file ending in .json is JSON.
const json = `export const load = (url, context, next) =>
  next(url, url.endsWith('.json') ? {...context, importAttributes: {type: 'json'}} : context);`;
register(`data:text/javascript,${encodeURIComponent(json)}`);
const {convertWorkflowTemplate, parseWorkflow} = await import('@actions/workflow-parser');

const [folder] = process.argv.slice(2);
const silent = {error() {}, info() {}, verbose() {}};
const files = readdirSync(folder).filter(name => /\.ya?ml$/.test(name)).sort();
let mistakes = 0;
for (const name of files) {
  const file = join(folder, name);
  const read = parseWorkflow({name: file, content: readFileSync(file, 'utf8')}, silent);
  if (read.value) {
    // checks the jobs, their needs and the expressions in them
    await convertWorkflowTemplate(read.context, read.value, undefined, {fetchReusableWorkflowDepth: 0});
  }
  for (const error of read.context.errors.getErrors()) {
    mistakes++;
    // "FILE (Line: 3, Col: 5): what" as everyone else writes it
    console.error(error.message.replace(/^(\S+) \(Line: (\d+), Col: (\d+)\):/, '$1:$2:$3:'));
  }
}
console.log(mistakes === 0 ? `${files.length} workflows are right` : `${mistakes} mistake(s) in the workflows`);
process.exit(mistakes === 0 ? 0 : 1);
