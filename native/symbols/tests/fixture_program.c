// Built three times: as a PIE, at a fixed address, and static.
int main(int argc, char** argv) { return argc > 1 ? argv[1][0] : 0; }
