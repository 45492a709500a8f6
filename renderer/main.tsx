import './strict.ts';
import { pageLink } from './host.ts';
import { mount } from './mount.tsx';

const root = document.getElementById('root');
if (root) mount(root, pageLink());
