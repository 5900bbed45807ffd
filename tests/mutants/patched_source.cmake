# patched_source(PATCH FOLDER OUT): a rule that applies PATCH, which must change one source file of
# FOLDER, to a copy of that file; OUT is set to the path of the copy. No fuzz: a patch that no longer
# fits its place may make another mistake than the one it names.
function(patched_source patch folder out)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${patch})
  file(STRINGS ${patch} file REGEX "^[+][+][+] b/")
  list(LENGTH file files)
  if(NOT files EQUAL 1 OR NOT file MATCHES "^[+][+][+] b/(${folder}/[a-z_/]+[.]cc)$")
    message(FATAL_ERROR "${patch} must change one source file of ${folder}/, not: ${file}")
  endif()
  set(original ${CMAKE_SOURCE_DIR}/${CMAKE_MATCH_1})
  get_filename_component(name ${patch} NAME_WE)
  set(patched ${CMAKE_CURRENT_BINARY_DIR}/${name}/${CMAKE_MATCH_1})
  get_filename_component(patched_folder ${patched} DIRECTORY)
  add_custom_command(OUTPUT ${patched}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${patched_folder}
    COMMAND patch --batch --forward --fuzz=0 -i ${patch} -o ${patched} ${original}
    DEPENDS ${patch} ${original}
    VERBATIM)
  set(${out} ${patched} PARENT_SCOPE)
endfunction()
