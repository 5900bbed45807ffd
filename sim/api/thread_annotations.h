// Lock annotations that clang's -Wthread-safety checks; nothing on other compilers.
#pragma once

#if defined(__clang__)
#define SIM_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define SIM_THREAD_ATTRIBUTE(x)
#endif

#define SIM_CAPABILITY(name) SIM_THREAD_ATTRIBUTE(capability(name))
#define SIM_ACQUIRE(...) SIM_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define SIM_ACQUIRE_SHARED(...) SIM_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define SIM_RELEASE(...) SIM_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define SIM_RELEASE_SHARED(...) SIM_THREAD_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define SIM_TRY_ACQUIRE(...) SIM_THREAD_ATTRIBUTE(try_acquire_capability(__VA_ARGS__))
#define SIM_TRY_ACQUIRE_SHARED(...) SIM_THREAD_ATTRIBUTE(try_acquire_shared_capability(__VA_ARGS__))
#define SIM_REQUIRES(...) SIM_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define SIM_ASSERT_CAPABILITY(x) SIM_THREAD_ATTRIBUTE(assert_capability(x))
