#!/usr/bin/env node
// npm links a command whose file is there when it installs, and dist/ is compiled after that.
import '../dist/main.js';
