int p4tsa_answers(void) { return 1; }
