// The lock protocol, written at the field in a form that clang checks (-Wthread-safety).
#pragma once

#if defined(__clang__)
#define CORE_THREAD_ATTRIBUTE(x) __attribute__((x))
#else
#define CORE_THREAD_ATTRIBUTE(x)
#endif

#define CAPABILITY(name) CORE_THREAD_ATTRIBUTE(capability(name))
#define SCOPED_CAPABILITY CORE_THREAD_ATTRIBUTE(scoped_lockable)
#define GUARDED_BY(lock) CORE_THREAD_ATTRIBUTE(guarded_by(lock))
#define REQUIRES(...) CORE_THREAD_ATTRIBUTE(requires_capability(__VA_ARGS__))
#define REQUIRES_SHARED(...) CORE_THREAD_ATTRIBUTE(requires_shared_capability(__VA_ARGS__))
#define EXCLUDES(...) CORE_THREAD_ATTRIBUTE(locks_excluded(__VA_ARGS__))
#define ACQUIRE(...) CORE_THREAD_ATTRIBUTE(acquire_capability(__VA_ARGS__))
#define ACQUIRE_SHARED(...) CORE_THREAD_ATTRIBUTE(acquire_shared_capability(__VA_ARGS__))
#define RELEASE(...) CORE_THREAD_ATTRIBUTE(release_capability(__VA_ARGS__))
#define RELEASE_SHARED(...) CORE_THREAD_ATTRIBUTE(release_shared_capability(__VA_ARGS__))
#define RELEASE_GENERIC(...) CORE_THREAD_ATTRIBUTE(release_generic_capability(__VA_ARGS__))
#define ASSERT_CAPABILITY(lock) CORE_THREAD_ATTRIBUTE(assert_capability(lock))
#define NO_THREAD_SAFETY_ANALYSIS CORE_THREAD_ATTRIBUTE(no_thread_safety_analysis)
