import { serve } from './component.js';

serve('receiver-standard');
