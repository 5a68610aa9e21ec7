// Does again what a recording of Cortado's OpenCL backend says (CommandRecorder.cs has the format), on the OpenCL library that is loaded
// before this program, as oclgrind loads its own: replay RECORDING [BUILD OPTIONS [OLD NEW]]. Compares what the recording saw in the device's memory
// with what is there now. NEW replaces OLD in the kernels' text, to break one on purpose. Needs no OpenCL headers and links with no OpenCL
// library. Exit code: 0 all done and the same, 1 not, 2 a broken recording.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The smallest share of an array's largest magnitude that counts as a difference: two compilers' exp differ in the last bits.
#define TOLERANCE 1e-5

typedef int64_t number;
typedef void* handle;

static void fail(int code, const char* format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fflush(stdout);
    fprintf(stderr, "replay: ");
    vfprintf(stderr, format, arguments);
    fprintf(stderr, "\n");
    exit(code);
}

static void* entry(const char* name)
{
    void* found = dlsym(RTLD_DEFAULT, name);
    if (!found) fail(2, "no OpenCL library is loaded: there is no %s. Run this under oclgrind.", name);
    return found;
}

#define CALL(name, ...) ((int (*)())entry(#name))(__VA_ARGS__)
#define CREATE(name, ...) ((handle (*)())entry(#name))(__VA_ARGS__)

static void check(int code, const char* call)
{
    if (code != 0) fail(1, "%s failed: %d", call, code);
}

// What the recording calls by numbers. A number is used anew once its first owner is gone.
typedef struct { number id; handle it; char* name; size_t bytes; } item;
typedef struct { item* items; int count, room; } table;

static item* find(table* t, number id, int may_be_new)
{
    for (int i = 0; i < t->count; i++)
        if (t->items[i].id == id) return &t->items[i];
    if (!may_be_new) fail(2, "the recording uses %lld before it made it", (long long)id);
    if (t->count == t->room) t->items = realloc(t->items, sizeof(item) * (t->room = 2 * t->room + 64));
    item* added = &t->items[t->count++];
    *added = (item){ .id = id };
    return added;
}

static FILE* recording;
static int replaced;

static number read_number(void)
{
    number value;
    if (fread(&value, sizeof value, 1, recording) != 1) fail(2, "the recording ends too soon");
    return value;
}

// With a zero behind its end.
static char* read_bytes(size_t* length)
{
    *length = read_number();
    char* bytes = malloc(*length + 1);
    if (fread(bytes, 1, *length, recording) != *length) fail(2, "the recording ends too soon");
    bytes[*length] = 0;
    return bytes;
}

static char* replace(char* text, const char* old, const char* new)
{
    for (char* at = text; (at = strstr(at, old)); replaced++)
    {
        size_t before = at - text;
        char* changed = malloc(strlen(text) + strlen(new) + 1);
        sprintf(changed, "%.*s%s%s", (int)before, text, new, at + strlen(old));
        free(text);
        text = changed;
        at = text + before + strlen(new);
    }
    return text;
}

// Which of the floats differ: their bits, and their values by more than a share of the largest.
static int differences(const float* expected, const float* found, size_t count, size_t* first)
{
    double largest = 0;
    int wrong = 0;
    for (size_t i = 0; i < count; i++)
        if (fabs(expected[i]) < 1e30) largest = fmax(largest, fabs(expected[i]));
    for (size_t i = 0; i < count; i++)
    {
        if (memcmp(&expected[i], &found[i], sizeof(float)) == 0 || (isnan(expected[i]) && isnan(found[i]))) continue;
        double allowed = TOLERANCE * (fabs(expected[i]) < 1e30 ? largest : fabs(expected[i]));
        if (fabs((double)expected[i] - found[i]) <= allowed) continue;
        if (wrong++ == 0) *first = i;
    }
    return wrong;
}

static handle queue, forgets;

// Writes the memory's first bytes. Oclgrind 21.10 takes the range of a host's last write for all that there is of the memory and calls the rest
// uninitialised, and takes no notice of clEnqueueFillBuffer: so what is written is always all of it.
static void put(item* memory, const char* bytes, size_t length)
{
    char* all = malloc(memory->bytes);
    if (length < memory->bytes)
        check(CALL(clEnqueueReadBuffer, queue, memory->it, 1, (size_t)0, memory->bytes, all, 0, NULL, NULL), "clEnqueueReadBuffer");
    memcpy(all, bytes, length);
    check(CALL(clEnqueueWriteBuffer, queue, memory->it, 1, (size_t)0, memory->bytes, all, 0, NULL, NULL), "clEnqueueWriteBuffer");
    free(all);
}

// New memory. Oclgrind 21.10 knows nothing of memory that no host has written, not even what kernels write there: so it is written, and then made
// uninitialised by a kernel that copies what is uninitialised. Scratch of which kernels may touch more than they use stays initialised:
// with numbers that spoil every result (NaN) and every index (a huge one) that they come into.
static void forget(item* memory, int scratch)
{
    unsigned spoil = 0x7FC0DEAD, *all = malloc(memory->bytes + sizeof spoil);
    size_t items = memory->bytes / sizeof spoil;
    for (size_t i = 0; i <= items; i++) all[i] = spoil;
    put(memory, (char*)all, memory->bytes);
    free(all);
    if (scratch) return;
    check(CALL(clSetKernelArg, forgets, 0, sizeof memory->it, &memory->it), "clSetKernelArg");
    check(CALL(clEnqueueNDRangeKernel, queue, forgets, 1, NULL, &items, NULL, 0, NULL, NULL), "clEnqueueNDRangeKernel");
    check(CALL(clFinish, queue), "clFinish");
}

static handle build(handle context, handle device, const char* text, size_t length, const char* options)
{
    int code;
    handle program = CREATE(clCreateProgramWithSource, context, 1, &text, &length, &code);
    check(code, "clCreateProgramWithSource");
    code = CALL(clBuildProgram, program, 1, &device, options, NULL, NULL);
    if (code == 0) return program;
    static char log[65536];
    CALL(clGetProgramBuildInfo, program, device, 0x1183, sizeof log - 1, log, NULL);
    fail(1, "clBuildProgram with '%s' failed: %d\n%s", options, code, log);
    return NULL;
}

int main(int argc, char** argv)
{
    if (argc < 2 || !(recording = fopen(argv[1], "rb"))) fail(2, "usage: replay RECORDING [BUILD OPTIONS [OLD NEW]]");
    setvbuf(stdout, NULL, _IOLBF, 0);
    handle platform, device;
    unsigned count;
    int code, wrong = 0, launches = 0;
    check(CALL(clGetPlatformIDs, 1, &platform, &count), "clGetPlatformIDs");
    check(CALL(clGetDeviceIDs, platform, (uint64_t)0xFFFFFFFF, 1, &device, &count), "clGetDeviceIDs");
    handle context = CREATE(clCreateContext, NULL, 1, &device, NULL, NULL, &code);
    check(code, "clCreateContext");
    queue = CREATE(clCreateCommandQueue, context, device, (uint64_t)0, &code);
    check(code, "clCreateCommandQueue");
    // Copied as a struct, so that it is not a number's use, from an array, so that it is not a struct's.
    const char* forgetful = "typedef struct { int it; } word; kernel void forget(global word* memory) { int any[1]; memory[get_global_id(0)] = *(word*)any; }";
    forgets = CREATE(clCreateKernel, build(context, device, forgetful, strlen(forgetful), "-cl-opt-disable"), "forget", &code);
    check(code, "clCreateKernel");
    table memories = { 0 }, programs = { 0 }, kernels = { 0 };
    for (int what; (what = fgetc(recording)) != EOF;)
    {
        size_t length, more;
        switch (what)
        {
        case 1:
        {
            item* memory = find(&memories, read_number(), 1);
            memory->bytes = read_number();
            memory->it = CREATE(clCreateBuffer, context, (uint64_t)1, memory->bytes, NULL, &code);
            check(code, "clCreateBuffer");
            forget(memory, read_number());
            break;
        }
        case 2:
        {
            item* memory = find(&memories, read_number(), 0);
            if (memory->it) CALL(clReleaseMemObject, memory->it);
            memory->it = NULL;
            break;
        }
        case 3:
        {
            item* memory = find(&memories, read_number(), 0);
            char* bytes = read_bytes(&length);
            put(memory, bytes, length);
            free(bytes);
            break;
        }
        case 4:
        {
            item* memory = find(&memories, read_number(), 0);
            length = read_number();
            char* zeros = calloc(length, 1);
            put(memory, zeros, length);
            free(zeros);
            break;
        }
        case 5:
        {
            item *from = find(&memories, read_number(), 0), *to = find(&memories, read_number(), 0);
            size_t bytes = read_number();
            check(CALL(clEnqueueCopyBuffer, queue, from->it, to->it, (size_t)0, (size_t)0, bytes, 0, NULL, NULL), "clEnqueueCopyBuffer");
            break;
        }
        case 6:
        {
            item* program = find(&programs, read_number(), 1);
            char *text = read_bytes(&length), *options = read_bytes(&more), all[4096];
            snprintf(all, sizeof all, "-cl-std=CL1.2 %s %s", options, argc > 2 ? argv[2] : "");
            if (argc > 4) text = replace(text, argv[3], argv[4]);
            program->it = build(context, device, text, strlen(text), all);
            free(text);
            free(options);
            break;
        }
        case 7:
        {
            item *kernel = find(&kernels, read_number(), 1), *program = find(&programs, read_number(), 0);
            kernel->name = read_bytes(&length);
            kernel->it = CREATE(clCreateKernel, program->it, kernel->name, &code);
            if (code != 0) fail(1, "clCreateKernel (%s) failed: %d", kernel->name, code);
            break;
        }
        case 8:
        {
            item* kernel = find(&kernels, read_number(), 0);
            unsigned argument = read_number();
            char* value = read_bytes(&length);
            code = CALL(clSetKernelArg, kernel->it, argument, length, value);
            if (code != 0) fail(1, "clSetKernelArg (%s, argument %u) failed: %d", kernel->name, argument, code);
            free(value);
            break;
        }
        case 9:
        {
            item* kernel = find(&kernels, read_number(), 0);
            unsigned argument = read_number();
            number id = read_number();
            handle memory = id ? find(&memories, id, 0)->it : NULL;
            code = CALL(clSetKernelArg, kernel->it, argument, sizeof memory, &memory);
            if (code != 0) fail(1, "clSetKernelArg (%s, argument %u) failed: %d", kernel->name, argument, code);
            break;
        }
        case 10:
        {
            item* kernel = find(&kernels, read_number(), 0);
            unsigned dimensions = read_number();
            size_t global[3], local[3];
            for (int i = 0; i < 3; i++) global[i] = read_number();
            for (int i = 0; i < 3; i++) local[i] = read_number();
            printf("kernel %s\n", kernel->name);
            code = CALL(clEnqueueNDRangeKernel, queue, kernel->it, dimensions, NULL, global, local[0] ? local : NULL, 0, NULL, NULL);
            if (code != 0) fail(1, "clEnqueueNDRangeKernel (%s) failed: %d", kernel->name, code);
            check(CALL(clFinish, queue), "clFinish");
            launches++;
            break;
        }
        case 11:
        {
            item* memory = find(&memories, read_number(), 0);
            float *expected = (float*)read_bytes(&length), *found = malloc(length + 1);
            size_t first = 0;
            check(CALL(clEnqueueReadBuffer, queue, memory->it, 1, (size_t)0, length, found, 0, NULL, NULL), "clEnqueueReadBuffer");
            int differ = differences(expected, found, length / sizeof(float), &first);
            if (differ)
            {
                printf("DIFFERENT: %d of %zu values; [%zu] is %.9g, was %.9g in the recording\n", differ, length / sizeof(float), first, found[first], expected[first]);
                wrong++;
            }
            free(expected);
            free(found);
            break;
        }
        case 12:
        {
            char* text = read_bytes(&length);
            printf("note %s\n", text);
            free(text);
            break;
        }
        default:
            fail(2, "the recording has a %d where a record should begin", what);
        }
    }
    if (argc > 4 && !replaced) fail(2, "no kernel's text has '%s'", argv[3]);
    printf("%d launches replayed, %d arrays differ\n", launches, wrong);
    return wrong != 0;
}
