import { serve } from './component.js';

serve('distributor');
