import { render } from 'preact';
import { App } from './App.tsx';
import './styles/index.css';

const root = document.getElementById('app');
if (root !== null) render(<App />, root);
// A file that is dropped elsewhere would replace the page.
for (const type of ['dragover', 'drop']) {
  document.addEventListener(type, (event) => event.preventDefault());
}
