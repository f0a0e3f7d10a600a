import { serve } from './component.js';

serve('receiver-express');
